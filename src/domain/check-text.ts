export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

/** `{name}` is replaced by the evidence of that name. A good finding has a title alone. */
export type CheckText = { title: string; why?: string; fix?: string };
export type BilingualText = Record<Language, CheckText>;
