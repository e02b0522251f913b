import { randomBytes } from "node:crypto";

/**
 * A new message id in Meta's format: base64 of a small record that contains the customer's phone number in plain digits. That
 * makes a wamid personal data.
 */
export function newWamid(customer: string): string {
  const key = Buffer.from(randomBytes(10).toString("hex").toUpperCase());
  const record = [
    Buffer.from([0x1d, 0x18, customer.length]),
    Buffer.from(customer),
    Buffer.from([0x15, 0x02, 0x00, 0x12, 0x18, key.length]),
    key,
    Buffer.from([0x00]),
  ];
  return `wamid.${Buffer.concat(record).toString("base64")}`;
}
