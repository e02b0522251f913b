export const newChatEn = {
  open: "New chat",
  title: "New chat",
  from: "From",
  phone: "Phone number",
  hint: "With the country code. The first message has to be a template.",
  notPhone: "This is not a phone number with its country code.",
  next: "Choose a template",
};
