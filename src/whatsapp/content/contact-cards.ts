import type { ContactCard } from "../../domain/message-content.ts";
import { countOf, idOf, objectOf, objectsOf, shortTextOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";
import { parseVcard } from "./vcard.ts";

const MOST_OF_A_KIND = 30;

/** The content of the type `contacts`, which is a list. */
export function parseContacts(list: unknown): { type: "contacts"; contacts: ContactCard[]; count: number } {
  return { type: "contacts", contacts: objectsOf(list).map(parseCard), count: countOf(list) };
}

/** A card may bring no more than a vCard; where it has both, its own fields count. */
function parseCard(card: JsonObject): ContactCard {
  const within = parseVcard(card.vcard);
  const phones = objectsOf(card.phones, MOST_OF_A_KIND).map(({ phone, wa_id, type }) => ({
    phone: shortTextOf(phone),
    whatsapp: idOf(wa_id),
    type: shortTextOf(type),
  }));
  const emails = objectsOf(card.emails, MOST_OF_A_KIND).map(({ email, type }) => ({
    email: shortTextOf(email),
    type: shortTextOf(type),
  }));
  const addresses = objectsOf(card.addresses, MOST_OF_A_KIND).map(parseAddress);
  const urls = objectsOf(card.urls, MOST_OF_A_KIND).map(({ url, type }) => ({
    url: shortTextOf(url),
    type: shortTextOf(type),
  }));
  return {
    name: shortTextOf(card.name) ?? personOf(objectOf(card.name)) ?? within.name,
    phones: phones.length > 0 ? phones : within.phones,
    emails: emails.length > 0 ? emails : within.emails,
    addresses: addresses.length > 0 ? addresses : within.addresses,
    urls: urls.length > 0 ? urls : within.urls,
    organization: organizationOf(card.org) ?? within.organization,
    birthday: shortTextOf(card.birthday),
    origin: shortTextOf(card.origin),
    vcard: shortTextOf(card.vcard),
  };
}

function personOf(name: JsonObject): string | null {
  const { formatted_name, prefix, first_name, middle_name, last_name, suffix } = name;
  const parts = [prefix, first_name, middle_name, last_name, suffix]
    .map(shortTextOf)
    .filter((part) => part !== null);
  return shortTextOf(formatted_name) ?? shortTextOf(parts.join(" "));
}

/** Null also where it names nothing, as some senders write an empty one. */
function organizationOf(org: unknown): ContactCard["organization"] {
  const [company = null, department = null, title = null] = isObject(org)
    ? [org.company, org.department, org.title].map(shortTextOf)
    : [shortTextOf(org)];
  return company || department || title ? { company, department, title } : null;
}

function parseAddress({ street, city, state, zip, country, country_code, type }: JsonObject) {
  return {
    street: shortTextOf(street),
    city: shortTextOf(city),
    state: shortTextOf(state),
    zip: shortTextOf(zip),
    country: shortTextOf(country) ?? shortTextOf(country_code),
    type: shortTextOf(type),
  };
}

/**
 * Who it is and how to reach them: the name or the company, then the phones, or without any the first other way. A name may be
 * the phone itself.
 */
export function cardText({ name, organization, phones, emails, urls, addresses }: ContactCard): string {
  const who = name ?? organization?.company ?? organization?.department ?? organization?.title;
  const numbers = phones.map(({ phone, whatsapp }) => phone ?? whatsapp).filter(Boolean);
  const [address] = addresses.map(({ street, city, state, zip, country }) =>
    [street, city, state, zip, country].filter(Boolean).join(", "),
  );
  const others = [...emails.map(({ email }) => email), ...urls.map(({ url }) => url), address].filter(
    Boolean,
  );
  const parts = [who, ...(numbers.length > 0 ? numbers : others.slice(0, 1))].filter(Boolean);
  return [...new Set(parts)].join(", ");
}
