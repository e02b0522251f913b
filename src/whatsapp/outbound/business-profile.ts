import { z } from "zod";
import {
  ABOUT_LENGTH,
  ADDRESS_LENGTH,
  DESCRIPTION_LENGTH,
  EMAIL_LENGTH,
  WEBSITE_LENGTH,
  WEBSITES,
} from "../limits.ts";
import { bounded } from "./bounded.ts";
import { arrayOf, atMost, httpUrl, literal, metaObject, nonEmpty, oneOf } from "./checks.ts";

/** Meta's list of trades. https://developers.facebook.com/docs/whatsapp/cloud-api/reference/business-profiles */
const VERTICALS = [
  "UNDEFINED",
  "OTHER",
  "AUTO",
  "BEAUTY",
  "APPAREL",
  "EDU",
  "ENTERTAIN",
  "EVENT_PLAN",
  "FINANCE",
  "GROCERY",
  "GOVT",
  "HOTEL",
  "HEALTH",
  "NONPROFIT",
  "PROF_SERVICES",
  "RETAIL",
  "TRAVEL",
  "RESTAURANT",
  "ALCOHOL",
  "ONLINE_GAMBLING",
  "PHYSICAL_GAMBLING",
  "OTC_DRUGS",
  "MATRIMONY_SERVICE",
] as const;

const website = httpUrl("https?", "A website").refine((text) => text.length <= WEBSITE_LENGTH, {
  error: ({ input }) =>
    `A website has at most ${WEBSITE_LENGTH} characters; this one has ${String(input).length}.`,
});

/** What customers see of the business, in Meta's names; what is not given stays as it is, an empty text removes it. */
export const businessProfile = bounded(
  metaObject(
    {
      about: atMost(ABOUT_LENGTH, "About").optional(),
      address: atMost(ADDRESS_LENGTH, "An address").optional(),
      description: atMost(DESCRIPTION_LENGTH, "A description").optional(),
      email: z
        .union([literal(""), atMost(EMAIL_LENGTH, "An email").pipe(z.email())], {
          error: `An email has an @, and at most ${EMAIL_LENGTH} characters.`,
        })
        .optional(),
      websites: arrayOf(website, "A profile", "websites", { min: 0, max: WEBSITES }).optional(),
      vertical: oneOf(VERTICALS, "The vertical").optional(),
      profile_picture_handle: nonEmpty("The handle of a picture").optional(),
    },
    "A business profile",
  ),
);
