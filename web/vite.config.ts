import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` serves the page beside a running server; PACKMULE_URL says where that is.
const server = process.env.PACKMULE_URL ?? "http://127.0.0.1:8740";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // these know light-dark(), which must not be rewritten
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": server, "/openapi.json": server } },
});
