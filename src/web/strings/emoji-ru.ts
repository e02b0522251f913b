import { plural } from "./plural.ts";
import type { Strings } from "./strings.ts";

const count = plural("ru");

export const emojiRu: Strings["emoji"] = {
  open: "Эмодзи",
  search: "Поиск эмодзи",
  found: (n) =>
    count(n, {
      one: "эмодзи найден",
      few: "эмодзи найдено",
      many: "эмодзи найдено",
      other: "эмодзи найдено",
    }),
  groups: [
    "Лица и эмоции",
    "Люди и тело",
    "Животные и природа",
    "Еда и напитки",
    "Места и поездки",
    "Занятия",
    "Предметы",
    "Символы",
    "Флаги",
  ],
};
