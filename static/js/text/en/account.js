/** Sign-up and the account page. */

export const account = {
  "form.notSent": "{problem} What you typed is still here: try again in a moment.",
  "token.copied": "Copied.",
  "token.notCopied": "This browser does not let the page copy it. Select the token and copy it yourself.",
};
