/** Messages per chat, on average. */
const MESSAGES_PER_CHAT = 10;

/** By far the longest. */
export const LONGEST_CHAT = 1;

/** The content of a filled database. A chat and its contact have the same id. */
export type Seeded = {
  organizationId: number;
  /** Busiest first, with 70, 20, 9 and 1 % of the chats. */
  phones: Phone[];
  agentIds: number[];
  chats: number;
  messages: number;
  /** The customer of a chat, as Meta identifies them. */
  customerOf: (chat: number) => Customer;
  phoneOf: (chat: number) => Phone;
};

export type Phone = { id: number; phoneNumberId: string };
export type Customer = { phone: string | null; userId: string | null };

/** The number of messages of each chat: a few chats have most of them (Zipf's law), and every chat has at least one. */
export function shapeOf(messages: number): { sizes: number[] } {
  const chats = Math.max(1, Math.round(messages / MESSAGES_PER_CHAT));
  const weights = Array.from({ length: chats }, (_, rank) => (rank + 1) ** -0.9);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sizes = weights.map((weight) => 1 + Math.floor(((messages - chats) * weight) / total));
  // Distribute the rest from rounding.
  let rest = messages - sizes.reduce((sum, size) => sum + size, 0);
  for (let chat = 0; rest > 0; chat = (chat + 1) % chats, rest -= 1) sizes[chat] = (sizes[chat] ?? 0) + 1;
  return { sizes };
}

/** Follows the same rules as seed-statements.ts. */
export function customersOf(phones: Phone[]): Pick<Seeded, "customerOf" | "phoneOf"> {
  return {
    customerOf: (chat) => ({
      phone: chat % 8 === 0 ? null : `7916${String(chat).padStart(7, "0")}`,
      userId: chat % 8 <= 2 ? `RU.${1_000_000_000_000_000 + chat}` : null,
    }),
    phoneOf: (chat) => {
      const part = chat % 100;
      const phone = phones[part < 70 ? 0 : part < 90 ? 1 : part < 99 ? 2 : 3];
      if (!phone) throw new Error("the phones are missing");
      return phone;
    },
  };
}
