import { pool } from "./pool.ts";

export type Phone = { id: number; organizationId: number; phoneNumberId: string };

/** Phones rarely change, so a careful author caches them. */
const byPhoneNumberId = new Map<string, Phone>();
const byId = new Map<number, Phone>();

/** The phone with Meta's id; null when it is not ours. */
export async function phoneByMetaId(phoneNumberId: string): Promise<Phone | null> {
  return byPhoneNumberId.get(phoneNumberId) ?? (await load(`"phoneNumberId" = $1`, phoneNumberId));
}

export async function phoneById(id: number): Promise<Phone | null> {
  return byId.get(id) ?? (await load("id = $1", id));
}

async function load(condition: string, value: string | number): Promise<Phone | null> {
  const { rows } = await pool.query<Phone>(
    `select id, "organizationId", "phoneNumberId" from "OrganizationPhone" where ${condition}`,
    [value],
  );
  const [phone] = rows;
  if (!phone) return null;
  byPhoneNumberId.set(phone.phoneNumberId, phone);
  byId.set(phone.id, phone);
  return phone;
}
