import type { Strings } from "./strings.ts";

export const detailsRu: Strings["details"] = {
  phone: "Телефон",
  username: "Имя пользователя",
  userId: "Идентификатор WhatsApp",
  number: "Пишет на номер",
  status: "Статус",
  statuses: { open: "Открыт", snoozed: "Отложен", closed: "Закрыт" },
  window: "Свободный ответ",
  windowUntil: (moment) => `до ${moment}`,
  windowEnded: (moment) => `закончился ${moment}`,
  windowNever: "Клиент ещё не писал",
  marketing: "Реклама",
  marketingStopped: (moment) => `клиент отказался, ${moment}`,
  blocked: "Заблокирован с",
};
