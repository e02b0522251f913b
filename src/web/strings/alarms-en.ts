import { plural } from "./plural.ts";

const count = plural("en");

export const alarmsEn = {
  region: "Alarms",
  cannotSend: (number: string, why: string) => `${number} cannot send: ${why}`,
  canOnlyReply: (number: string, why: string) => `${number} can only answer within 24 hours: ${why}`,
  disconnected: "the number is disconnected",
  askAdmin: "An administrator has to fix this. What customers write still comes in.",
  fixHere: "What customers write still comes in.",
  numbers: "Open numbers",
  others: (n: number) => count(n, { one: "alarm", other: "alarms" }),
};
