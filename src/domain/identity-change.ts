/** A customer, as Meta names them. */
export type Identity = { phone: string | null; userId: string | null; parentUserId: string | null };

/** One person under other ids: with a new phone comes a new user id too. Null: not in this webhook. */
export type IdentityChange = { previous: Identity; current: Identity; at: string };

/** What a customer wants of us, such as no more marketing. */
export type ContactPreference = Identity & {
  /** `marketing_messages`. */
  category: string;
  /** `stop`, `resume` or `signup`. */
  value: string;
  detail: string | null;
  /** Meta's id of the sign-up link, of a `signup`. */
  signupId?: string | null;
  at: string;
};

/** A person in the address book of the phone's own app, which shares its number with us. */
export type ContactSync = Identity & {
  username: string | null;
  name: string | null;
  firstName: string | null;
  action: "add" | "remove";
  at: string;
};

/** The name of a contact in the business's address book, or of a group. */
export type ContactName = {
  phone: string | null;
  userId: string | null;
  groupId: string | null;
  name: string;
  at: string;
};
