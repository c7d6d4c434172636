import { z } from "zod";

/** The shape of RFC 5646 2.1. */
const shape = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}$/;

/** A language as a BCP 47 tag, such as `en` or `zh-CN`. */
export const LanguageTag = z.string().regex(shape, "not a language tag, such as en or zh-CN");

/** The text if it is a language tag, or else null. */
export const languageTagOf = (text: string | undefined): string | null =>
  text !== undefined && shape.test(text) ? text : null;
