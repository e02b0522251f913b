import type { Strings } from "./strings.ts";

export const guardRu: Strings["guard"] = {
  title: "Коллега уже ответил",
  lead: "Пока вы писали, было отправлено:",
  yours: "Ваше сообщение, оно ещё не отправлено:",
  edit: "Изменить",
  leave: "Не отправлять",
};
