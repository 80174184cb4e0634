# docker build -t majlis . && docker run --env-file .env -v majlis:/data majlis
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements requirements
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt -r requirements/postgres.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY bot bot
COPY knowledge knowledge
COPY seeds seeds
RUN /venv/bin/pip install --no-cache-dir --no-build-isolation --no-deps .

FROM python:3.12-slim
RUN useradd --create-home majlis && mkdir /data && chown majlis /data
COPY --from=build /venv /venv
COPY deploy/ready.py /usr/local/lib/majlis/ready.py
USER majlis
ENV PATH=/venv/bin:$PATH MAJLIS_DATABASE=/data/majlis.db PYTHONUNBUFFERED=1
VOLUME /data
WORKDIR /data
# Asks /readyz where MAJLIS_LISTEN says; a bot that is told not to listen counts as healthy.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-I", "/usr/local/lib/majlis/ready.py"]
CMD ["majlis", "run"]
