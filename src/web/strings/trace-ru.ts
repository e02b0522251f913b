import type { Translated } from "./strings.ts";
import type { traceEn } from "./trace-en.ts";

export const traceRu: Translated<typeof traceEn> = {
  payload: "Объект Meta",
  title: "Что произошло с сообщением",
  failed: "Не удалось загрузить.",
  clocks: { meta: "время Meta", ours: "наше время" },
  cameIn: (time) => `здесь узнали в ${time}`,
  steps: {
    written: "Написано",
    received: "Получено",
    spooled: "Отложено: база была недоступна",
    stored: "Сохранено",
    published: "Показано агентам",
    queued: "Ждёт отправки",
    sending: "Отправляется",
    accepted: "Принято WhatsApp",
    sent: "Отправлено",
    delivered: "Доставлено",
    read: "Прочитано",
    played: "Прослушано",
    failed: "Не отправлено",
    unknown: "WhatsApp не ответил",
    unconfirmed: "Не подтверждено",
  },
  outcomes: {
    accepted: "WhatsApp принял",
    refused: "отказ, повторили позже",
    failed: "отказ",
    unknown: "нет ответа",
    not_called: "WhatsApp не вызывали",
  },
  http: (status) => `HTTP ${status}`,
  code: (code) => `код ${code}`,
  metaTrace: "номер для поддержки Meta:",
};
