/** The page that shows and tries the API. */

export const reference = {
  "reference.copied": "Copied.",
  "reference.notCopied": "This browser does not let the page copy it. Select the line and copy it yourself.",
  "reference.noToken": "This is no token: it has letters that a token has not. Copy it once more.",
  "reference.sending": "Sending…",
  "reference.status": "{status} {reason}, after {milliseconds} ms",
  "reference.headers": "Headers of the answer",
  "reference.picture": "The picture that the server sent",
  "reference.save": "Save the file ({bytes} bytes)",
  "reference.cut": "Only the first {count} characters are shown.",
  "reference.empty": "The answer has no content.",
};
