"""The web server: connections and their deadlines, and the threads that requests run in."""
