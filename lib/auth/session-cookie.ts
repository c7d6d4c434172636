/** Cookie of the console's session. Its path is `/`: the admin API and the live stream read it too. */
export const sessionCookie = "nightpost.sid";
export const csrfCookie = "nightpost.csrf";
export const callbackCookie = "nightpost.callback";

export const sessionMaxAgeSeconds = 12 * 60 * 60;
