import { z } from "zod";
import { Done, endpoint, JidText } from "./endpoint.ts";

/** The lists that have filters in their address, by the path of their page. */
export const ViewPage = z.enum(["/users", "/forward", "/forward/dead", "/devices", "/audit", "/sessions", "/rooms"]);
export type ViewPage = z.infer<typeof ViewPage>;

export const SavedView = z.object({
  id: z.string(),
  page: ViewPage,
  name: z.string(),
  query: z.string().describe("The filter, as the query of the page's address."),
  shared: z.boolean().describe("Everybody in the console sees it; what it shows them is still theirs to see or not."),
  owner: JidText,
  isMine: z.boolean(),
});
export type SavedView = z.infer<typeof SavedView>;

export const views = {
  list: endpoint("GET", "/views", { permission: "self" }, "Saved filters of a list: mine, and those that are shared")
    .input(z.object({ page: ViewPage }))
    .output(z.object({ items: z.array(SavedView) })),
  save: endpoint(
    "PUT",
    "/views",
    { permission: "self", audit: "view.save" },
    "Save a filter under a name; one of mine with that name is replaced",
  )
    .input(
      z.object({
        page: ViewPage,
        name: z.string().trim().min(1).max(64),
        query: z.string().max(2000),
        shared: z.boolean().default(false),
      }),
    )
    .output(SavedView),
  remove: endpoint("DELETE", "/views/{id}", { permission: "self", audit: "view.remove" }, "Remove a saved filter")
    .input(z.object({ id: z.string().min(1).max(64) }))
    .output(Done),
};
