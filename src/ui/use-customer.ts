import { useEffect, useState } from 'preact/hooks';
import type { CustomerMessage, CustomerView } from '#server/api-types';
import { Api } from './api.ts';
import { connectLive } from './live.ts';

const ASK_AGAIN_MS = 2_000;

export interface CustomerModel {
  readonly shopName: string;
  /** Undefined while nobody is signed in at this counter. */
  readonly view: CustomerView | undefined;
  readonly lost: boolean;
}

/** What the till shows the customer, as long as a cashier is signed in in this browser. */
export function useCustomer(): CustomerModel {
  const [view, setView] = useState<CustomerView>();
  const [shopName, setShopName] = useState('');
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const api = new Api();
    let timer: number | undefined;
    let end: () => void = () => undefined;
    const signedIn = async () => {
      const answer = await api.shop();
      if (answer.ok) setShopName(answer.value.shopName);
      return answer.ok ? answer.value.session !== null : undefined;
    };
    const begin = async () => {
      if ((await signedIn()) !== true) {
        timer = window.setTimeout(() => void begin(), ASK_AGAIN_MS);
        return;
      }
      end = connectLive<CustomerMessage>('/api/customer/live', {
        open: () => setLost(false),
        lost: () => setLost(true),
        message: ({ customer }) => setView(customer),
        // While the till itself is away nobody knows: keep trying.
        stillSignedIn: async () => (await signedIn()) !== false,
        signedOut: () => {
          setView(undefined);
          setLost(false);
          void begin();
        },
      });
    };
    void begin();
    return () => {
      window.clearTimeout(timer);
      end();
    };
  }, []);
  return { shopName, view, lost };
}
