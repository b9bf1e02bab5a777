/** The account page. */

export const account = {
  "token.copied": "Copied.",
  "token.notCopied": "This browser does not let the page copy it. Select the token and copy it yourself.",
};
