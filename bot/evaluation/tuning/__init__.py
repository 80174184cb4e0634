"""Choose thresholds by what people thought of the replies: what `majlis tune` proposes."""
