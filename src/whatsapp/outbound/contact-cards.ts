import { z } from "zod";
import { listOf, metas, some } from "./checks.ts";
import { CONTACT_CARDS, VALUES } from "./limits.ts";

const anyNumber = { min: 0, max: VALUES };
const given = (what: string) => some(what).optional();
const listed = (of: string, shape: z.ZodRawShape) =>
  listOf(metas(shape, `One of the ${of}`), "A contact", of, anyNumber).optional();

const card = metas(
  {
    name: metas({ formatted_name: some("The name of a contact") }, "The name of a contact"),
    phones: listed("phones", { phone: given("A phone"), wa_id: given("A wa_id"), type: given("A type") }),
    emails: listed("emails", { email: given("An email"), type: given("A type") }),
    addresses: listed("addresses", {}),
    urls: listed("urls", { url: given("A url"), type: given("A type") }),
    org: metas({}, "The organization of a contact").optional(),
    birthday: z
      .string({ error: "A birthday must be a text." })
      .regex(/^\d{4}-\d\d-\d\d$/, { error: "A birthday is written YYYY-MM-DD." })
      .optional(),
  },
  "A contact",
);

/** The cards of people, to be saved by the customer. */
export const contactCards = listOf(card, "A message", "contacts", { min: 1, max: CONTACT_CARDS });
