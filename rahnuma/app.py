"""The service over HTTP: web chat, console, webhook, health and metrics."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from bot.telegram.intake import webhook_routes
from bot.webchat import routes as webchat
from console import routes as console
from rahnuma.service import Service, unclear_days_of
from rahnuma.settings import Settings


def make_app(settings: Settings) -> FastAPI:
    """The ASGI application. Raises SettingsError."""
    service = Service(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.open()
        yield
        await service.close()

    app = FastAPI(title="Rahnuma", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.service = service
    # mounts of a router are not taken over by include_router
    app.mount("/static", StaticFiles(directory=webchat.STATIC), "static")
    app.mount("/console/static", StaticFiles(directory=console.STATIC), "console-static")
    app.include_router(webchat.routes(service.desk))
    app.include_router(
        console.routes(
            service.database,
            service.keys,
            service.library,
            service.live,
            service.fresh.look,
            service.booklets,
            service.published.files,
            operator=settings.operator,
            smallest_group=settings.smallest_group,
            unclear_days=unclear_days_of(settings),
            only_reviewed=settings.content == "reviewed",
            require_totp=settings.require_totp,
            staff_group=settings.staff_group is not None,
        )
    )
    if service.telegram and settings.telegram_webhook_secret:
        secret = settings.telegram_webhook_secret.get_secret_value()
        app.include_router(webhook_routes(service.telegram, secret))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Alive."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> Response:
        """Ready: 200 if nothing that is switched on is down, else 503."""
        states = await service.ready()
        return JSONResponse(states, 503 if "down" in states.values() else 200)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.exception_handler(HTTPException)
    async def http_error(_request: Request, error: HTTPException) -> Response:
        return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)

    @app.exception_handler(RequestValidationError)
    async def bad_input(_request: Request, error: RequestValidationError) -> Response:
        # what was sent is not repeated: it may be a person's words
        wrong = [
            {"where": ".".join(str(part) for part in e["loc"]), "problem": e["msg"]}
            for e in error.errors()
        ]
        return JSONResponse({"error": "bad input", "details": wrong}, 422)

    @app.middleware("http")
    async def headers(request: Request, call_next) -> Response:
        response = await call_next(request)
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            "img-src 'self' data:; media-src 'self'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'",
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return app
