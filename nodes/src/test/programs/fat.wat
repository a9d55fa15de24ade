;; Starts with 64 pages, which is 4 MiB.
(module
  (memory (export "memory") 64)
  (func (export "_start")))
