import { fillWords } from "./fill-words.ts";

/**
 * What is written down as the error of an attempt, or as the reason why a device gets no more pushes, in English. They are
 * kept as sentences; those that follow from somebody else's code end with it in parentheses.
 */

/** By the code that Node gives what breaks before there is an answer: what operators meet most. */
export const networkErrors = {
  ECONNREFUSED: "connection refused: nothing listens there",
  ECONNRESET: "the connection was reset before an answer came",
  EPIPE: "the connection was closed before an answer came",
  UND_ERR_SOCKET: "the connection was closed before an answer came",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 3 seconds",
  ETIMEDOUT: "no connection: the network timed out",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  ENOTFOUND: "the host name does not exist",
  EAI_AGAIN: "the name server does not answer",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate chain ends in an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's issuer is unknown",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's issuer is unknown",
  CERT_HAS_EXPIRED: "the certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name",
  ERR_SSL_WRONG_VERSION_NUMBER: "the port does not speak TLS",
  HPE_INVALID_CONSTANT: "the answer is not HTTP",
} as const;

/**
 * By the reason of Apple: every one that is documented ("Handling notification responses from APNs"; the last group is for
 * broadcasts, which are not sent, and met only behind a relay), with what an operator should know.
 */
export const apnsReasons = {
  BadCollapseId: "the collapse id is too long",
  BadDeviceToken: "the device token is not valid in this environment",
  BadExpirationDate: "the expiration is no date",
  BadMessageId: "the id is no UUID",
  BadPriority: "the priority is not one of Apple's",
  BadTopic: "the topic is no bundle id that APNs knows",
  DeviceTokenNotForTopic: "the device token belongs to an app with another bundle id",
  DuplicateHeaders: "a header was sent twice",
  IdleTimeout: "the connection was idle for too long",
  InvalidPushType: "the push type is not one of Apple's",
  MissingDeviceToken: "the request names no device",
  MissingTopic: "the topic is missing",
  PayloadEmpty: "the payload is empty",
  TopicDisallowed: "the key's team may not push to this topic",
  BadCertificate: "the certificate is bad",
  BadCertificateEnvironment: "the certificate is for the other environment",
  ExpiredProviderToken: "the provider token has expired: check the server's clock",
  Forbidden: "the key may not do this",
  InvalidProviderToken: "key, key id and team id do not belong together, or the key was revoked",
  MissingProviderToken: "the provider token did not arrive",
  UnrelatedKeyIdInToken: "the connection was used with another key before",
  BadEnvironmentKeyIdInToken: "the key is for the other environment",
  BadEnvironmentKeyInToken: "the key is for the other environment",
  BadPath: "the path is wrong",
  MethodNotAllowed: "the method is wrong",
  ExpiredToken: "the device token has expired",
  Unregistered: "the app is no longer on the device",
  PayloadTooLarge: "the payload is too large",
  TooManyProviderTokenUpdates: "provider tokens were made too often: is the key in use elsewhere?",
  TooManyRequests: "too many pushes for this device",
  InternalServerError: "APNs has an internal error",
  ServiceUnavailable: "APNs is unavailable",
  Shutdown: "APNs is shutting the connection down",
  FeatureNotEnabled: "broadcasts are not enabled",
  MissingChannelId: "the channel is missing",
  BadChannelId: "the channel is wrong",
  ChannelNotRegistered: "there is no such channel",
  BadRequestParams: "the request is wrong",
  BadRequestPayload: "the payload is wrong",
  MissingPushType: "the push type is missing",
  CannotCreateChannelConfig: "the channel cannot be made",
  TopicMismatch: "the topic is another one than the channel's",
} as const;

/** All others, by codes of ours. Words in braces are values. */
export const attemptErrors = {
  "no-answer": "no answer",
  "no-answer-in-time": "no complete answer in time",
  "no-connection-in-time": "no connection in time",
  "closed-early": "the connection was closed before it was ready",
  "stream-closed": "the stream was closed without an answer",
  "connection-dead": "the connection is dead: a ping was not answered",
  "no-http2": "the server does not speak HTTP/2",
  "ended-by-apns": "APNs ended the connection before it took a request",
  "apns-refused": "APNs refused ({code})",
  "apns-key-accepted": "APNs accepts the key; there is no device yet that could show more",
  "same-for-several": "{reason}; the same for several accounts, and nothing was accepted yet",
  "device-forgotten": "the device is registered no more",
  "device-gone": "device is gone",
  "client-has-it": "the device's own client has the message",
  "template-failed": "template failed: {reason}",
  "at-place": "line {line}, column {column}: {reason}",
  "not-rendered": "cannot be rendered: {detail}",
  "device-disabled": "the device is disabled",
  "other-kind": "it was made for another kind of target",
  "service-account": "service account: {reason}",
  "no-access-token-in-answer": "the answer to the request for an access token has none in it",
  "no-access-token": "no access token: {detail}",
  "access-token-refused": "the service account gets no access token: {detail}",
  "too-long-without-content": "too long even without content",
  "answer-too-long-without-content": "{answer}: too long even without content",
  "other-vapid-key": "{answer}: the subscription was made with another VAPID key",
  "check-vapid": "{answer}: check the VAPID key and the contact",
  "no-vapid-key": "the target has no VAPID key yet: save it once more",
  "subscription-needed": "a subscription is needed: test one of the devices",
  "service-not-allowed": "{service} is no push service that the target allows",
  "endpoint-too-long": "longer than {most} characters",
  "no-app-server-answer": "no answer from the app server",
  "app-server-refused": "refused by the app server: {condition}",
  "app-server-full": "the app server takes no more for it",
  overflow: "overflow",
  "target-removed": "the target was removed",
  "recipient-online": "recipient came online",
  "recipient-read": "recipient has read it",
  "call-over": "the call is over",
  "sent-then-online": "sent while the recipient came online",
  "sent-then-read": "sent while the recipient was reading it",
  "sent-then-over": "sent while the call was ending",
} as const;

export type AttemptErrorCode = keyof typeof attemptErrors;
/** A code of somebody else's that the server has a sentence for. */
export type ForeignCode = keyof typeof networkErrors | keyof typeof apnsReasons;

/** An error with its values, as it is written down. */
export function attemptError(code: AttemptErrorCode, values: Readonly<Record<string, string | number>> = {}): string {
  return fillWords(attemptErrors[code], values);
}
