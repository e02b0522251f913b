import { plural } from "./plural.ts";
import type { Strings } from "./strings.ts";

const count = plural("ru");

export const alarmsRu: Strings["alarms"] = {
  region: "Тревоги",
  cannotSend: (number, why) => `${number} не может отправлять: ${why}`,
  canOnlyReply: (number, why) => `${number} может только отвечать в течение 24 часов: ${why}`,
  disconnected: "номер отключён",
  askAdmin: "Это исправит администратор. Сообщения клиентов по-прежнему приходят.",
  fixHere: "Сообщения клиентов по-прежнему приходят.",
  numbers: "Открыть номера",
  others: (n) =>
    count(n, {
      one: "тревога",
      few: "тревоги",
      many: "тревог",
      other: "тревоги",
    }),
};
