// What the flow editor is built on, in one module: React twice in a page breaks it.
import { createElement } from "react";
import htm from "htm";

export * from "@xyflow/react";
export {
  createContext,
  createElement,
  Fragment,
  memo,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
export { flushSync } from "react-dom";
export { createRoot } from "react-dom/client";
export const html = htm.bind(createElement);
