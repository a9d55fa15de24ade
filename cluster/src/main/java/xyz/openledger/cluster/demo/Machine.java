package xyz.openledger.cluster.demo;

import java.util.List;

/** A machine that can join a {@link LocalNetwork}. */
public interface Machine {
  /** What it is called. */
  String machine();

  /** The name of the pool it joins. */
  String pool();

  /** The agent that it runs. */
  Class<?> program();

  /** The agent's arguments for joining with that claim code, and its keys in that folder. */
  List<String> join(String claim, String data);
}
