import type { keysEn } from "./keys-en.ts";
import type { Translated } from "./strings.ts";

export const keysRu: Translated<typeof keysEn> = {
  title: "Клавиатура",
  hint: "Отдельные буквы действуют вне полей ввода; их можно отключить в настройках.",
  key: "Клавиши",
  does: "Что делают",
  actions: {
    nextChat: "Следующий чат",
    previousChat: "Предыдущий чат",
    nextUnread: "Следующий непрочитанный чат",
    markUnread: "Отметить непрочитанным",
    composer: "Написать сообщение",
    templates: "Выбрать шаблон",
    assign: "Передать чат…",
    take: "Взять чат себе",
    close: "Закрыть чат и перейти к следующему",
    viewMine: "Мои чаты",
    viewUnassigned: "Чаты без ответственного",
    viewAll: "Все чаты",
    search: "Поиск (также Ctrl+K)",
    quickReplies: "Быстрые ответы",
    messages: "К сообщениям, из пустого поля ввода",
    reply: "Ответить на выделенное сообщение",
    leave: "Назад: окно, цитата, поле ввода, список",
    help: "Эта таблица",
  },
};
