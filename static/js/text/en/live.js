/** The page Live. */

export const live = {
  "live.hold": "Hold a digit in front of the camera",
  "live.rate": "{rate} frames a second · {ms} ms each",
  "live.frozen": "This frame is frozen.",
  "live.crowded": "Many use the server just now: frames are fewer.",
  "live.comesBack": "The camera stays on, and reading goes on by itself when the server is back.",
  "live.camera": "Camera {number}",
  "live.watched": "Somebody is watching this camera now.",
  "live.oneDigitOnly": "Only a frame with exactly one digit can be kept.",
  "live.undone": "Not kept any more.",

  "live.insecure":
    "Browsers let a page use the camera only over HTTPS. Open this page by an address that begins with https:// – " +
    "whoever runs the site can switch it on – or, at the computer that runs it, by http://localhost.",
  "live.unsupported":
    "This browser gives pages no camera. Open the page in an up-to-date Firefox, Chrome, Edge or Safari.",
  "live.none": "No camera was found. Connect one or switch it on, then try again.",
  "live.denied":
    "This page may not use the camera. Allow it for this site – by the sign at the left of the address, " +
    "or in the browser’s settings – then try again.",
  "live.system":
    "The system keeps the camera from this browser. Allow it in the system’s settings, under privacy and camera, " +
    "then try again.",
  "live.busy": "Another program uses the camera. Close it (a video call, perhaps), then try again.",
  "live.failed":
    "The camera could not be started. Unplug it and connect it again, or restart the browser, then try again.",
  "live.ended": "The server takes no more frames of this camera. Try again to connect it anew.",
  "live.gone": "The camera has gone: it was unplugged, or taken by another program. Connect it, then try again.",
};
