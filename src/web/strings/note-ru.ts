import type { Strings } from "./strings.ts";

export const noteRu: Strings["note"] = {
  by: (name) => `Заметка: ${name}, только для коллег`,
  add: "Написать заметку",
  label: "Заметка",
  placeholder: "Заметка для коллег. Клиент её не увидит.",
  save: "Сохранить",
  mentionsYou: "Вас упомянули в заметке",
  mentions: "Заметки с упоминанием вас",
  remove: "Удалить заметку",
  notRemoved: "Заметка не удалена.",
};
