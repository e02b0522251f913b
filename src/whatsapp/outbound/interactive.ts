import { z } from "zod";
import { carousel } from "./carousel.ts";
import { unionError } from "./checks.ts";
import { buttons, flow, link, list } from "./interactive-buttons.ts";
import { catalog, product, productList } from "./interactive-products.ts";
import {
  addressRequest,
  callButton,
  callPermissionRequest,
  contactRequest,
  locationRequest,
} from "./interactive-requests.ts";
import { orderDetails, orderStatus } from "./payments.ts";

const all = [
  buttons,
  list,
  link,
  flow,
  product,
  productList,
  catalog,
  carousel,
  locationRequest,
  addressRequest,
  contactRequest,
  callPermissionRequest,
  callButton,
  orderDetails,
  orderStatus,
] as const;

/** @internal */
export const interactiveKinds = all.map((kind) => kind.shape.type.value);

/** Meta's `interactive`: a text with something to tap. */
export const interactive = z
  .discriminatedUnion("type", all, unionError("The type of an interactive message", interactiveKinds))
  .meta({ id: "InteractiveMessage" });
