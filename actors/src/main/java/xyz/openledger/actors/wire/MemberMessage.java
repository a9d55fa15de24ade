package xyz.openledger.actors.wire;

/**
 * A message that may travel from one member to another. Whatever implements it is written by {@link
 * MemberSerializer}, and it and every class inside it has a line in {@code kryo-ids.txt}.
 */
public interface MemberMessage {}
