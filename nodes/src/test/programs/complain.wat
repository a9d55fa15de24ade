;; Writes 64 KiB to descriptor 2 a hundred times, then a word to descriptor 1.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 0) "\20\00\00\00\00\00\01\00")
  (data (i32.const 16) "\20\00\00\00\04\00\00\00")
  (data (i32.const 32) "word")
  (func (export "_start") (local i32)
    (loop $again
      (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get 0) (i32.const 100))))
    (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8)))))
