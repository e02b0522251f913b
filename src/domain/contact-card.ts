/** One person of a message that shares contacts. */
export type ContactCard = {
  name: string | null;
  phones: {
    phone: string | null /** Their id on WhatsApp, where they are there. */;
    whatsapp: string | null;
    type: string | null;
  }[];
  emails: { email: string | null; type: string | null }[];
  addresses: {
    street: string | null;
    city: string | null;
    state: string | null;
    zip: string | null;
    country: string | null;
    type: string | null;
  }[];
  urls: { url: string | null; type: string | null }[];
  organization: { company: string | null; department: string | null; title: string | null } | null;
  birthday: string | null;
  /** `contact_request`: their own number, given because we asked for it. */
  origin: string | null;
  vcard: string | null;
};
