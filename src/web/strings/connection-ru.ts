import type { connectionEn } from "./connection-en.ts";
import type { Translated } from "./strings.ts";

export const connectionRu: Translated<typeof connectionEn> = {
  states: {
    connected: "На связи",
    catchingUp: "Догоняем",
    connecting: "Подключаемся",
    reconnecting: "Подключаемся",
    polling: "С задержкой",
    offline: "Нет связи",
    reload: "Новая версия",
  },
  offline: "Нет связи. Написанное уйдёт, когда она вернётся.",
  connecting: "Подключаемся…",
  reconnecting: "Подключаемся снова…",
  catchingUp: "Связь вернулась. Загружаем то, что пришло за это время…",
  polling:
    "В этой сети не работают постоянные соединения. Новое страница проверяет каждые 15 секунд, а написанное отправляет сразу.",
  reloadPage: "Вышла новая версия этой страницы.",
  reload: "Обновить",
};
