"use client";

import { parseAsString, useQueryState } from "nuqs";

/** The host that scopes the page (`?host=`); null: all hosts. */
export const useHost = () => useQueryState("host", parseAsString.withOptions({ history: "push" }));
