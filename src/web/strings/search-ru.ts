import { plural } from "./plural.ts";
import type { Strings } from "./strings.ts";

const count = plural("ru");

export const searchRu: Strings["search"] = {
  label: "Поиск по чатам и сообщениям",
  placeholder: "Поиск",
  clear: "Очистить поиск",
  results: "Результаты поиска",
  chats: "Чаты",
  messages: "Сообщения",
  byNumber: "Сообщения только с номером",
  searching: "Ищем…",
  found: (chats, messages, hasMore) => {
    const inChats = count(chats, { one: "чат", few: "чата", many: "чатов", other: "чата" });
    const inMessages = count(messages, {
      one: "сообщение",
      few: "сообщения",
      many: "сообщений",
      other: "сообщения",
    });
    return `Найдено: ${inChats}, ${inMessages}${hasMore ? " и больше" : ""}`;
  },
  nothing: (text) => `По запросу «${text}» ничего не найдено`,
  nothingHint: "Попробуйте меньше слов или начало слова. Телефон и номер заказа тоже находятся.",
  failed: "Поиск не сработал",
  moreFailed: "Не удалось загрузить более старые сообщения.",
};
