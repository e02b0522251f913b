import { z } from "zod";
import { CONTACT_CARDS, VALUES } from "../limits.ts";
import { arrayOf, metaObject, nonEmpty } from "./checks.ts";

const anyNumber = { min: 0, max: VALUES };
const given = (what: string) => nonEmpty(what).optional();
const listed = (of: string, shape: z.ZodRawShape) =>
  arrayOf(metaObject(shape, `One of the ${of}`), "A contact", of, anyNumber).optional();

const card = metaObject(
  {
    name: metaObject({ formatted_name: nonEmpty("The name of a contact") }, "The name of a contact"),
    phones: listed("phones", { phone: given("A phone"), wa_id: given("A wa_id"), type: given("A type") }),
    emails: listed("emails", { email: given("An email"), type: given("A type") }),
    addresses: listed("addresses", {}),
    urls: listed("urls", { url: given("A url"), type: given("A type") }),
    org: metaObject({}, "The organization of a contact").optional(),
    birthday: z
      .string({ error: "A birthday must be a text." })
      .regex(/^\d{4}-\d\d-\d\d$/, { error: "A birthday is written YYYY-MM-DD." })
      .optional(),
  },
  "A contact",
);

/** The cards of people, to be saved by the customer. */
export const contactCards = arrayOf(card, "A message", "contacts", { min: 1, max: CONTACT_CARDS });
