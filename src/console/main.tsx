import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api-client.ts";
import { App } from "./shell/app.tsx";
import { restoreTheme } from "./ui/theme.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/shell.css";
import "./styles/filter-bar.css";

restoreTheme();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The server is this machine more often than not: being "offline" says nothing about it.
      networkMode: "always",
      // The live stream says when something has changed.
      refetchOnWindowFocus: false,
      // What the server says no to, it says no to again.
      retry: (count, error) => !(error instanceof ApiError) && count < 2,
      retryDelay: 500,
    },
  },
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
