import { describe, expect, test } from "vitest";
import { Stanza } from "../../xmpp/stanza.ts";
import { proves, readCaps } from "./caps.ts";

const features = ["caps", "disco#info", "disco#items", "muc"]
  .map((name) => `<feature var='http://jabber.org/protocol/${name}'/>`)
  .join("");
const exodus = `<identity category='client' name='Exodus 0.9.1' type='pc'/>${features}`;
const form = (type = "hidden", os = "Mac"): string =>
  `<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='${type}'><value>urn:xmpp:dataforms:softwareinfo</value></field>` +
  `<field var='ip_version' type='text-multi'><value>ipv6</value><value>ipv4</value></field><field var='os'><value>${os}</value></field>` +
  "<field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field>" +
  "<field var='software_version'><value>0.11</value></field></x>";
const psi = `<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/><identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>${features}`;

const isProven = (content: string, ver: string, hash: string | null = "sha-1"): boolean =>
  proves(Stanza.parse(`<query xmlns='http://jabber.org/protocol/disco#info'>${content}</query>`).element, {
    node: "n",
    ver,
    hash,
  });

describe("XEP-0115", () => {
  test.each([
    ["5.2, a simple client", exodus, "QgayPKawpkPSDYmwT/WM94uAlu0="],
    ["5.3, with a form and two languages", psi + form(), "q07IKJEyjvHSyhy//CH0CxmKi8w="],
    [
      "5.4, a form without a hidden FORM_TYPE does not count",
      exodus + form("text-single"),
      "QgayPKawpkPSDYmwT/WM94uAlu0=",
    ],
  ])("%s", (_, content, ver) => expect(isProven(content, ver)).toBe(true));

  test.each([
    ["another hash", exodus, "q07IKJEyjvHSyhy//CH0CxmKi8w=", "sha-1"],
    [
      "a feature twice",
      `${exodus}<feature var='http://jabber.org/protocol/muc'/>`,
      "QgayPKawpkPSDYmwT/WM94uAlu0=",
      "sha-1",
    ],
    ["an unknown algorithm", exodus, "QgayPKawpkPSDYmwT/WM94uAlu0=", "md5"],
    ["no algorithm", exodus, "QgayPKawpkPSDYmwT/WM94uAlu0=", null],
    ["two forms of one type", psi + form() + form("hidden", "Other"), "q07IKJEyjvHSyhy//CH0CxmKi8w=", "sha-1"],
    [
      "the same text, cut elsewhere",
      `<identity category='client' name='Exodus 0.9.1&lt;http://jabber.org/protocol/caps&lt;http://jabber.org/protocol/disco#info' type='pc'/>` +
        "<feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>",
      "QgayPKawpkPSDYmwT/WM94uAlu0=",
      "sha-1",
    ],
  ])("%s proves nothing", (_, content, ver, hash) => expect(isProven(content, ver, hash)).toBe(false));
});

test.each([
  ["<c xmlns='c' node='n' ver='v' hash='sha-1'/>", { node: "n", ver: "v", hash: "sha-1" }],
  ["<c xmlns='c' node='n' ver='v'/>", { node: "n", ver: "v", hash: null }],
  ["<c xmlns='c' node='n' ver=''/>", null],
  ["<c xmlns='c' ver='v'/>", null],
])("%s", (xml, expected) => expect(readCaps(Stanza.parse(xml).element)).toEqual(expected));
