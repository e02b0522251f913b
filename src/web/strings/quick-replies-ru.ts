import type { Strings } from "./strings.ts";

export const quickRepliesRu: Strings["quickReplies"] = {
  title: "Быстрые ответы",
  none: "Такого быстрого ответа нет. Они хранятся в настройках.",
  fillIn: (place) => `Осталось заполнить ${place}. Чтобы отправить так, нажмите ещё раз.`,
  lead: "Тексты для всех: их находит косая черта в начале сообщения. {{contact.name}} станет именем клиента.",
  shortcut: "Сокращение",
  text: "Текст",
  add: "Добавить",
  remove: (shortcut) => `Удалить /${shortcut}`,
};
