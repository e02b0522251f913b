import type { CheckTexts } from "./check-texts.ts";

export const english: CheckTexts = {
  needs: { title: "skipped, needs {needs}" },
  run_outside: { title: "runs in the browser and in the doctor, not in the Worker" },

  values_ok: { title: "the values look right" },
  value_missing: {
    title: "{field} is missing",
    why: "A number needs its phone number ID, its WhatsApp Business Account ID and a token.",
    fix: "Copy it from Meta: App → WhatsApp → API Setup.",
  },
  value_padded: {
    title: "{field} has a space or a quote around it",
    why: "It came along when the value was copied. Meta takes it for a part of the value.",
    fix: "Remove the space or the quote before and after the value.",
  },
  id_is_phone: {
    title: "{field} looks like the phone itself",
    why: "Meta's calls use an ID of its own, not the digits that people dial.",
    fix: "The phone number ID is the 15–17 digit number below the phone in API Setup. Copy that one.",
  },
  id_malformed: {
    title: "{field} is no ID of Meta's",
    why: "IDs of numbers and accounts have 15 to 17 digits and nothing else; yours is {value}.",
    fix: "Copy it again from Meta: App → WhatsApp → API Setup.",
  },
  ids_equal: {
    title: "the phone number ID and the WABA ID are the same",
    why: "They are two different things, and never equal.",
    fix: "API Setup shows both, one below the other. Copy the other one too.",
  },
  token_missing: {
    title: "there is no access token",
    why: "Neither the number nor the Worker's secrets have one. {reason}",
    fix: "Generate a token of a system user at Meta and save it, or run: npx wrangler secret put WABA_ACCESS_TOKEN",
  },
  token_malformed: {
    title: "this is no access token of Meta's",
    why: "Tokens of the Graph API begin with EAA and have no spaces.",
    fix: "Business settings → System users → Generate token. Copy all of it.",
  },
  token_unopened: {
    title: "the stored token cannot be opened",
    why: "{reason}",
    fix: "Restore the key in TOKEN_SEALING_KEY, or save the token again.",
  },
  version_malformed: {
    title: "the Graph version is malformed: {version}",
    why: "A version looks like v25.0.",
    fix: "Set wabaApiVersion to v25.0, or leave it empty for the default.",
  },

  token_ok: { title: "token is alive: system user, never expires" },
  token_invalid: {
    title: "Invalid access token",
    why: "Meta no longer accepts the token: it expired, was revoked, or was not copied whole. {meta}",
    fix: "Business settings → System users → Generate token, expiry Never. Save the new one here.",
  },
  token_personal: {
    title: "the token belongs to a person, not to a system user",
    why: "Its kind is {kind}. It stops when that person changes the password or leaves.",
    fix: "Create a system user, assign it the app and the account, generate its token with expiry Never.",
  },
  token_expires: {
    title: "the token works today and stops on {expiresAt}",
    why: "It was generated with an expiry, or is a test token of API Setup.",
    fix: "Generate a token of a system user with expiry Never, and save it here before that day.",
  },
  meta_unreachable: {
    title: "Meta cannot be asked right now",
    why: "{meta}",
    fix: "Wait a minute and check again. See metastatus.com, and GRAPH_BASE_URL if it was changed.",
  },

  permissions_ok: { title: "the token has both permissions" },
  permission_missing: {
    title: "the token lacks {missing}",
    why: "Both whatsapp_business_management and whatsapp_business_messaging are needed.",
    fix: "Assign the WABA to the system user, then generate the token again and tick both permissions.",
  },
  waba_not_assigned: {
    title: "the token is not for account {wabaId}",
    why: "Its permissions list other WhatsApp accounts only.",
    fix: "Assign the WABA to the system user, then generate the token again.",
  },
  permissions_unknown: {
    title: "Meta does not list the token's permissions",
    why: "Meta leaves the list out at times. The next checks show what the token can do.",
    fix: "Nothing to do while they pass.",
  },

  waba_ok: { title: "the account is visible: {name}" },
  waba_not_found: {
    title: "account {wabaId} is wrong, or the token has no access to it",
    why: "Meta gives one answer for both. {meta}",
    fix: "Compare the WABA ID with API Setup. If it is right, assign the account to the system user.",
  },
  ids_swapped: {
    title: "the phone number ID and the WABA ID are swapped",
    why: "Each of them exists at Meta as what the other should be.",
    fix: "Swap the two.",
  },
  waba_other_object: {
    title: "{wabaId} is not a WhatsApp account",
    why: "Something else of yours has this ID: usually the business portfolio or the app.",
    fix: "Take the WhatsApp Business Account ID from API Setup, below the phone number ID.",
  },
  waba_in_review: {
    title: "Meta is still reviewing the account",
    why: "Its state is {review}. Until then Meta limits what it may send.",
    fix: "Wait for Meta's decision in Business Support Home.",
  },
  waba_refused: {
    title: "Meta has rejected the account",
    why: "Its state is {review}: it cannot send.",
    fix: "Business Support Home → the account → request a review.",
  },

  number_ok: { title: "the number {phoneNumber} belongs to the account" },
  number_not_found: {
    title: "Phone number not found in this WABA",
    why: "WABA {wabaId} holds {count}: {numbers}; yours is {phoneNumberId}.",
    fix: "Use one of those, or take the WABA ID from the page where you found {phoneNumberId}.",
  },
  waba_empty: {
    title: "Phone number not found: the account has no numbers",
    why: "WABA {wabaId} is empty. It may be the test account, or a number was never added.",
    fix: "Add the number in WhatsApp Manager, or use the WABA ID of the account that has it.",
  },

  ready_ok: { title: "the number is registered: {shown}, quality {quality}" },
  not_registered: {
    title: "the number is not registered for the Cloud API",
    why: "Its state is {status}: Meta takes no message from it (errors 133010, 131045).",
    fix: "Register it with a PIN of six digits.",
  },
  not_verified: {
    title: "the number is not verified",
    why: "Meta has not seen yet that the number is yours.",
    fix: "Request a code by SMS or voice, enter it, then register the number.",
  },
  number_banned: {
    title: "Meta has barred the number",
    why: "Its state is {status}.",
    fix: "Business Support Home → the account → request a review.",
  },
  name_not_approved: {
    title: "the display name is not approved",
    why: "Its state is {name}. Meta may limit the number or refuse its messages (131037).",
    fix: "WhatsApp Manager → Phone numbers → correct the display name.",
  },
  test_number: {
    title: "this is Meta's test number",
    why: "It writes only to up to 5 listed recipients.",
    fix: "List your phone in API Setup, or add a real number.",
  },
  quality_low: {
    title: "the number's quality is low",
    why: "Customers block or report it: quality {quality}, state {status}. Meta may lower its limit.",
    fix: "Stop mass sending, and write to people who expect it.",
  },
  phone_differs: {
    title: "the number at Meta is {shown}",
    why: "The row names another phone for this phone number ID.",
    fix: "Correct the phone number here, or the phone number ID if you meant another number.",
  },

  health_ok: { title: "Meta lets the number send" },
  health_limited: {
    title: "Meta limits what the number may send",
    why: "{entity}: {meta} (error {metaCode})",
    fix: "Meta's advice: {solution}",
  },
  health_blocked: {
    title: "Meta does not let the number send",
    why: "{entity}: {meta} (error {metaCode})",
    fix: "Meta's advice: {solution}",
  },

  secret_ok: { title: "the app secret belongs to the token's app{which}" },
  secret_missing: {
    title: "the app secret is missing",
    why: "Without META_APP_SECRET no webhook of Meta's can be verified, and each one is refused.",
    fix: "App settings → Basic → App secret, then: npx wrangler secret put META_APP_SECRET",
  },
  secret_other_app: {
    title: "The app secret belongs to another app",
    why: "Meta refuses a proof made from it. Webhooks of this app would be refused with 401.",
    fix: "Open the app that the token belongs to: App settings → Basic, then: npx wrangler secret put META_APP_SECRET",
  },

  address_ok: { title: "the address is public and answers" },
  address_not_https: {
    title: "the address is not https",
    why: "Meta calls https addresses with a valid certificate only; this one is {url}.",
    fix: "Use the https address of the Worker.",
  },
  address_private: {
    title: "Meta cannot reach this address",
    why: "{url} exists on this computer or in this network only.",
    fix: "Deploy the Worker, or open a tunnel, and check that address.",
  },
  address_unreachable: {
    title: "nothing answers at this address",
    why: "{url} gave no answer: wrong host, no DNS entry, no certificate, or the Worker is not running.",
    fix: "Open the address in a browser. Correct it, or run: npm run deploy",
  },

  handshake_ok: { title: "Meta's verification request is answered as it should be" },
  handshake_refused: {
    title: "the verify token is refused",
    why: "The Worker answers 403: the token is neither WABA_VERIFY_TOKEN nor this number's verify token.",
    fix: "Copy the verify token shown here to Meta, without a space at its end.",
  },
  handshake_body_differs: {
    title: "the answer to Meta is not exactly the challenge",
    why: "Expected {expected} as text/plain, got “{got}” as {contentType}.",
    fix: "Something in front of the Worker rewrites answers: switch that off for /api/waba/webhook.",
  },
  handshake_not_ours: {
    title: "something else answers in the Worker's place",
    why: "Expected 200 and {expected}, got {status} and “{got}”. Usual causes: a login page or Access policy, a bot filter, another Worker on the route.",
    fix: "Exempt /api/waba/webhook from it, or correct the route.",
  },
  handshake_takes_any_token: {
    title: "a wrong verify token is accepted",
    why: "The address answers {status} to it: another program answers there.",
    fix: "Correct the route, so that this Worker answers at /api/waba/webhook.",
  },

  webhook_ok: { title: "the app sends its events to this address" },
  webhook_not_set: {
    title: "the app has no webhook for WhatsApp",
    why: "Meta keeps the events to itself until an address is set.",
    fix: "App → WhatsApp → Configuration → Edit: enter address and verify token, then tick messages.",
  },
  webhook_inactive: {
    title: "the app's webhook is switched off",
    why: "Meta stops calling an address that failed for a long time.",
    fix: "App → WhatsApp → Configuration → Edit → Verify and save, once more.",
  },
  webhook_other_address: {
    title: "the app sends its events elsewhere",
    why: "The callback is {url}.",
    fix: "App → WhatsApp → Configuration → Edit: enter the address shown here. Or open this page at that address.",
  },
  webhook_without_messages: {
    title: "the app does not send messages",
    why: "The field messages is not subscribed: webhooks come, but none with a message.",
    fix: "Tick messages under WhatsApp → Configuration → Webhook fields.",
  },
  webhook_fields_missing: {
    title: "some useful events are not sent",
    why: "Not subscribed: {missing}.",
    fix: "Tick them under WhatsApp → Configuration → Webhook fields.",
  },
  webhook_unreadable: {
    title: "the app's webhook settings cannot be read",
    why: "Meta did not show them. {meta}",
    fix: "Compare them by hand under WhatsApp → Configuration.",
  },

  subscription_ok: { title: "the account sends its events to the app" },
  app_not_subscribed: {
    title: "Verified, but this WABA sends nothing to the app",
    why: "The app is not subscribed to the account. Subscribed: {apps}.",
    fix: "Subscribe this app.",
  },
  callback_overridden: {
    title: "the {level} sends its messages elsewhere",
    why: "It overrides the app's address with {url}.",
    fix: "Remove the override at Meta, or set it to the address shown here.",
  },

  inbound_ok: { title: "messages come in; the last one {lastInboundAt}" },
  inbound_not_tried: { title: "no message has come in yet: write to the number from a phone" },
  inbound_waiting: { title: "waiting for a message" },
  inbound_nothing: {
    title: "no message came within {seconds} s",
    why: "Meta sent nothing to this address. An app that is not published gets test events only.",
    fix: "Look at C11 and C12, publish the app, then write to the number once more.",
  },
  inbound_refused: {
    title: "a webhook came with a wrong signature",
    why: "It was signed with another app secret than META_APP_SECRET, and refused at {at}.",
    fix: "Look at C08: take the secret of the app that sends the webhook.",
  },
  inbound_other_number: {
    title: "a message came for another number",
    why: "An event of this account at {at} was for a number that is not connected here.",
    fix: "Write to the right number, or compare the phone number ID with API Setup.",
  },

  outbound_ok: { title: "the test message went out: {status}" },
  outbound_not_tried: { title: "no test message was sent" },
  outbound_waiting: { title: "waiting for the status of the test message" },
  outbound_failed: {
    title: "the test message was not delivered",
    why: "{meta}",
    fix: "Remove that cause, then send it again.",
  },
  outbound_no_status: {
    title: "accepted by Meta, but no status within 60 s",
    why: "Statuses come as webhooks: they do not reach this address.",
    fix: "Look at C11 and C12.",
  },

  system_ok: { title: "our own parts are in order" },
  database_unreachable: {
    title: "the database does not answer",
    why: "Postgres cannot be reached with DATABASE_URL, or was never migrated.",
    fix: "Correct the address: npx wrangler secret put DATABASE_URL, then: npm run migrate",
  },
  migrations_missing: {
    title: "migrations are missing: {applied} of {wanted}",
    why: "The database is older than this version.",
    fix: "npm run migrate",
  },
  functions_outdated: {
    title: "the SQL functions are those of another version",
    why: "The Worker was deployed without migrating the database.",
    fix: "npm run migrate",
  },
  objects_silent: {
    title: "the Durable Objects do not answer",
    why: "Webhooks are stored through them.",
    fix: "Look at the Worker's bindings in wrangler.toml, then: npm run deploy",
  },
  secrets_missing: {
    title: "not set: {names}",
    why: "The Worker cannot do without.",
    fix: "npx wrangler secret put NAME, for each of them",
  },
  secrets_short: {
    title: "too short: {names}",
    why: "Short secrets can be guessed.",
    fix: "openssl rand -base64 32, then: npx wrangler secret put NAME",
  },
  secrets_example: {
    title: "an example value of the documentation: {names}",
    why: "Everybody knows it.",
    fix: "Choose a value of your own, then: npx wrangler secret put NAME",
  },
  sealing_key_missing: {
    title: "access tokens are stored unsealed",
    why: "TOKEN_SEALING_KEY is not set: whoever reads the database reads the tokens.",
    fix: "openssl rand -base64 32, then: npx wrangler secret put TOKEN_SEALING_KEY",
  },
  clock_differs: {
    title: "our clock and Meta's differ by {seconds} s",
    why: "Windows and tokens are counted by the clock.",
    fix: "Set the clock of this machine.",
  },
  version_ended: {
    title: "Graph {version} has ended",
    why: "It ended on {endsAt}. Calls fail or behave as a newer version.",
    fix: "Set wabaApiVersion to v25.0.",
  },
  version_ends_soon: {
    title: "Graph {version} ends on {endsAt}",
    why: "After that day calls fail or behave as a newer version.",
    fix: "Set wabaApiVersion to v25.0.",
  },
  version_unknown: {
    title: "Graph {version} is not known to this program",
    why: "It was never tested with it.",
    fix: "Set wabaApiVersion to v25.0, unless you know better.",
  },
  region_far: {
    title: "the database is far away: {ms} ms",
    why: "Every step of a message waits for that trip.",
    fix: "Place the Worker beside the database: [placement] in wrangler.toml, or move the database.",
  },
};
