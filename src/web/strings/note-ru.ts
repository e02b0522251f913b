import type { Strings } from "./strings.ts";

export const noteRu: Strings["note"] = {
  by: (name) => `Заметка: ${name}, только для коллег`,
  add: "Написать заметку",
  label: "Заметка",
  placeholder: "Заметка для коллег. Клиент её не увидит.",
  save: "Сохранить",
  remove: "Удалить заметку",
};
