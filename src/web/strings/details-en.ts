export const detailsEn = {
  phone: "Phone",
  username: "Username",
  userId: "WhatsApp user id",
  number: "Writes to",
  status: "Status",
  statuses: { open: "Open", snoozed: "Snoozed", closed: "Closed" },
  window: "Free replies",
  windowUntil: (moment: string) => `until ${moment}`,
  windowNever: "The customer has not written yet",
  marketing: "Marketing",
  marketingStopped: (moment: string) => `stopped by the customer, ${moment}`,
  blocked: "Blocked since",
};
