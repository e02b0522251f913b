import type { Strings } from "./strings.ts";

export const newChatRu: Strings["newChat"] = {
  open: "Новый чат",
  title: "Новый чат",
  from: "С номера",
  phone: "Номер телефона",
  hint: "С кодом страны. Первым сообщением может быть только шаблон.",
  notPhone: "Это не номер телефона с кодом страны.",
  next: "Выбрать шаблон",
};
