import { expect, it } from "vitest";
import { operationUrl } from "./operation-url.ts";

it.each([
  ["http://shop/cart", "http://shop/cart"],
  ["http://shop/cart?size=2", "http://shop/cart?"],
  ["http://shop:8080/orders/4711/items?page=2", "http://shop:8080/orders/"],
  ["https://shop/v1/users/3f2a0b1c-7a5e-4d1b-9c2e-000000000001", "https://shop/v1/users/"],
  ["/carts/01HZX3KQ9T8V", "/carts/"],
  ["http://10.0.0.1/", "http://10.0.0.1/"],
  ["http://shop/search?next=/orders/1", "http://shop/search?"],
  ["nonsense", "nonsense"],
  ["", ""],
])("of %s the operation is %s", (url, operation) => {
  expect(operationUrl(url)).toBe(operation);
});
