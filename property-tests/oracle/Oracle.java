/*
 * The oracle: answers questions about the election with ZooKeeper's own classes, so that our code can be compared
 * with them. One question a line on standard input, fields separated by tabs; one answer a line on standard output.
 * An unchecked exception or a refused configuration is an answer too. Stands in ZooKeeper's package to reach its
 * protected methods. Configurations are dynamic-file text with its line breaks written as U+001F.
 *
 *   order  CONFIG  id zxid epoch  id zxid epoch      FastLeaderElection.totalOrderPredicate(new, current)
 *   equals VOTE VOTE                                 Vote.equals
 *   quorum CONFIG SIDS                               QuorumVerifier.containsQuorum
 *   weight CONFIG id                                 QuorumVerifier.getWeight
 *   count  CONFIG LASTSEEN me clock VOTES VOTE       getVoteTracker(...).hasAllQuorums() and checkLeader(...)
 *   config TEXT                                      QuorumPeerConfig.parseDynamicConfig
 *
 * VOTE is version,id,zxid,round,epoch,state; VOTES is sid=VOTE;sid=VOTE; SIDS is sid,sid; LASTSEEN may be "-".
 */
package org.apache.zookeeper.server.quorum;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.flexible.QuorumHierarchical;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;
import org.apache.zookeeper.server.quorum.flexible.QuorumVerifier;

public final class Oracle {
    private static final Map<String, QuorumVerifier> VERIFIERS = new HashMap<>();

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = answer(line.split("\t", -1));
            } catch (Exception e) {
                answer = "throws";
            }
            out.write(answer);
            out.write('\n');
        }
        out.flush();
        System.exit(0);
    }

    private static String answer(String[] q) throws Exception {
        switch (q[0]) {
        case "order":
            return String.valueOf(election(verifier(q[1]), null, 0, 0)
                .totalOrderPredicate(num(q[2]), num(q[3]), num(q[4]), num(q[5]), num(q[6]), num(q[7])));
        case "equals":
            return String.valueOf(vote(q[1]).equals(vote(q[2])));
        case "quorum":
            return String.valueOf(verifier(q[1]).containsQuorum(sids(q[2])));
        case "weight":
            return String.valueOf(verifier(q[1]).getWeight(num(q[2])));
        case "count": {
            QuorumVerifier lastSeen = q[2].equals("-") ? null : verifier(q[2]);
            FastLeaderElection fle = election(verifier(q[1]), lastSeen, num(q[3]), num(q[4]));
            Map<Long, Vote> votes = votes(q[5]);
            Vote vote = vote(q[6]);
            boolean quorum = fle.getVoteTracker(votes, vote).hasAllQuorums();
            return quorum + " " + fle.checkLeader(votes, vote.getId(), vote.getElectionEpoch());
        }
        case "config":
            return config(q[1]);
        default:
            throw new IllegalArgumentException(q[0]);
        }
    }

    private static long num(String text) {
        return Long.parseLong(text);
    }

    private static Set<Long> sids(String text) {
        Set<Long> set = new HashSet<>();
        for (String sid : text.split(",")) {
            if (!sid.isEmpty()) {
                set.add(num(sid));
            }
        }
        return set;
    }

    private static Vote vote(String text) {
        String[] f = text.split(",");
        return new Vote(Integer.parseInt(f[0]), num(f[1]), num(f[2]), num(f[3]), num(f[4]), ServerState.valueOf(f[5]));
    }

    private static Map<Long, Vote> votes(String text) {
        Map<Long, Vote> votes = new HashMap<>();
        for (String entry : text.split(";")) {
            if (!entry.isEmpty()) {
                int at = entry.indexOf('=');
                votes.put(num(entry.substring(0, at)), vote(entry.substring(at + 1)));
            }
        }
        return votes;
    }

    private static Properties properties(String text) throws Exception {
        Properties properties = new Properties();
        properties.load(new StringReader(text.replace('\u001f', '\n')));
        return properties;
    }

    private static QuorumVerifier verifier(String text) throws Exception {
        QuorumVerifier known = VERIFIERS.get(text);
        if (known == null) {
            Properties p = properties(text);
            boolean grouped = p.stringPropertyNames().stream().anyMatch(key -> key.startsWith("group"));
            known = grouped ? new QuorumHierarchical(p) : new QuorumMaj(p);
            VERIFIERS.put(text, known);
        }
        return known;
    }

    /** An election of a peer that has no threads, no sockets and no data, only its configuration and clock. */
    private static FastLeaderElection election(QuorumVerifier committed, QuorumVerifier lastSeen, long me, long clock)
        throws Exception {
        QuorumPeer peer = new QuorumPeer();
        set(QuorumPeer.class, peer, "quorumVerifier", committed);
        set(QuorumPeer.class, peer, "lastSeenQuorumVerifier", lastSeen);
        peer.setMyid(me);
        FastLeaderElection fle = new FastLeaderElection(peer, null);
        fle.logicalclock.set(clock);
        return fle;
    }

    private static void set(Class<?> type, Object target, String name, Object value) throws Exception {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        field.set(target, value);
    }

    private static Object get(Object target, String name) throws Exception {
        Field field = target.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(target);
    }

    private static String config(String text) throws Exception {
        QuorumVerifier verifier = QuorumPeerConfig.parseDynamicConfig(properties(text), 3, false, true, null);
        StringBuilder answer = new StringBuilder();
        for (Map.Entry<Long, QuorumServer> entry : new TreeMap<>(verifier.getAllMembers()).entrySet()) {
            QuorumServer server = entry.getValue();
            Set<String> quorum = new TreeSet<>();
            Set<String> election = new TreeSet<>();
            server.addr.getAllAddresses().forEach(a -> quorum.add(host(a)));
            server.electionAddr.getAllAddresses().forEach(a -> election.add(host(a)));
            answer.append(entry.getKey()).append(' ').append(server.type).append(' ').append(quorum).append(election)
                .append(server.clientAddr == null ? "-" : host(server.clientAddr)).append(';');
        }
        if (verifier instanceof QuorumHierarchical) {
            answer.append(new TreeMap<>((Map<?, ?>) get(verifier, "serverGroup")));
            answer.append(new TreeMap<>((Map<?, ?>) get(verifier, "serverWeight")));
        }
        return answer.append(Long.toHexString(verifier.getVersion())).toString();
    }

    /** Java spells IPv6 out where it resolved a literal, and not where it did not: both are written short. */
    private static String host(InetSocketAddress address) {
        String host = address.getHostString().replace("0:0:0:0:0:0:0:1", "::1").replace("[", "").replace("]", "");
        return host + ":" + address.getPort();
    }
}
