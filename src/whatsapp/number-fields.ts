import { shortTextOf } from "./json-fields.ts";
import type { JsonObject } from "./json-text.ts";

/** What Meta says of a number; null where it says nothing. The phone comes as digits. */
export function numberFields(phone: JsonObject) {
  const shown = shortTextOf(phone.display_phone_number)?.replace(/\D/g, "");
  return {
    phoneNumber: shown ? shown : null,
    verifiedName: shortTextOf(phone.verified_name),
    nameStatus: shortTextOf(phone.name_status),
    qualityRating: shortTextOf(phone.quality_rating),
    // Its name depends on the version of Graph.
    messagingLimit: shortTextOf(
      phone.whatsapp_business_manager_messaging_limit ?? phone.messaging_limit_tier,
    ),
  };
}
