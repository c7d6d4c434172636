/** Cookie of the console's session. Its path is `/`: the admin API and the live stream read it too. */
export const sessionCookie = "nightpost.sid";
export const csrfCookie = "nightpost.csrf";
export const callbackCookie = "nightpost.callback";

/** The longest that the log-in policy allows; the server ends a session when its own time is over. */
export const sessionMaxAgeSeconds = 720 * 60 * 60;
