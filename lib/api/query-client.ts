import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { affectedByVerb } from "./affected.ts";
import { problemOf, type Problem } from "./problem.ts";

declare module "@tanstack/react-query" {
  interface Register {
    /** `inline`: the component shows the error itself, so that no toast repeats it. */
    mutationMeta: { inline?: boolean };
  }
}

interface Listeners {
  onSessionEnded: () => void;
}

/** One client per tab. What a verb changes is read again here, so that no component can forget it. */
export function createQueryClient({ onSessionEnded }: Listeners): QueryClient {
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 10 * 60_000,
        retry: (failures, error) => failures < 2 && isWorthRetrying(problemOf(error)),
        retryDelay: (failures) => Math.min(1000 * 2 ** failures, 8000),
      },
    },
    queryCache: new QueryCache({
      onError: (error) => {
        if (problemOf(error).status === 401) onSessionEnded();
      },
    }),
    mutationCache: new MutationCache({
      onSuccess: async (_data, _input, _context, mutation) => {
        const path = mutation.options.mutationKey?.[0];
        if (!Array.isArray(path)) return;
        await Promise.all(affectedByVerb(path as string[]).map((queryKey) => client.invalidateQueries({ queryKey })));
      },
      onError: (error) => {
        if (problemOf(error).status === 401) onSessionEnded();
      },
    }),
  });
  return client;
}

const isWorthRetrying = ({ status }: Problem): boolean => status === 0 || status === 502 || status === 503;
